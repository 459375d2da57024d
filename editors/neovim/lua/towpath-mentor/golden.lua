-- What the mentor opens: golden files, reviews, documents. All are files of its cache, to be read and not changed.
local M = {}

--- `place`: { uri, range }
function M.open(place)
  vim.cmd('split ' .. vim.fn.fnameescape(vim.uri_to_fname(place.uri)))
  -- A review of the same name may have been open.
  vim.cmd('silent edit!')
  vim.bo.readonly = true
  vim.bo.modifiable = false
  vim.bo.swapfile = false
  if place.range then vim.api.nvim_win_set_cursor(0, { place.range.start.line + 1, 0 }) end
end

function M.on_show_document(_, params)
  if params.external or not vim.startswith(params.uri, 'file:') then return { success = false } end
  M.open({ uri = params.uri, range = params.selection })
  return { success = true }
end

return M
