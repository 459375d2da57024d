-- What the mentor says at length: Markdown in a buffer of its own that is never written.
local M = {}

--- The buffer of that name, made where there is none.
function M.buffer(name)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(buffer) == name then return buffer end
  end
  local made = vim.api.nvim_create_buf(true, true)
  vim.api.nvim_buf_set_name(made, name)
  vim.bo[made].filetype = 'markdown'
  vim.bo[made].modifiable = false
  return made
end

--- The same, in a window, which becomes the current one.
function M.show(name)
  local buffer = M.buffer(name)
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd('botright split')
    vim.api.nvim_win_set_buf(0, buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
  return buffer
end

--- Puts text in the place of line `from` and all below it; lines count from 0.
function M.write(buffer, from, text)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, from, -1, false, vim.split(text, '\n', { plain = true }))
  vim.bo[buffer].modifiable = false
end

return M
