-- Run by Neovim: nvim --headless -u NONE -c 'luafile journey.lua'. Each step is a line of JSON on standard output; the
-- test beside it says what they must hold.
local LATE_MS = 60000

local function say(step, what)
  io.stdout:write('\n' .. vim.fn.json_encode({ step = step, what = what }) .. '\n')
end

--- Runs `check` until it gives something. Neovim goes on meanwhile.
local function wait(step, check)
  local found
  local came = vim.wait(LATE_MS, function()
    found = check()
    return found
  end, 20)
  if not came then
    say('late', step)
    vim.cmd('cquit')
  end
  return found
end

local function lines()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

-- A person at the keyboard: picks the action that holds these words, types this into a prompt.
local picks, typed
vim.ui.select = function(items, options, on_choice)
  for _, item in ipairs(items) do
    local title = (options.format_item or tostring)(item)
    if title:find(picks, 1, true) then return on_choice(item) end
  end
  say('late', 'no action "' .. picks .. '"')
  vim.cmd('cquit')
end
vim.ui.input = function(options, on_confirm)
  say('prompt', { prompt = options.prompt, default = options.default })
  on_confirm(typed)
end
local told = {}
vim.notify = function(words)
  table.insert(told, words)
end

vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.opt.swapfile = false
vim.opt.hidden = true
require('towpath-mentor').setup({ cmd = { vim.env.TOWPATH, 'mentor' } })

vim.cmd('filetype on')
vim.cmd('edit ' .. vim.env.PROJECT .. '/src/quay.ts')
local source = vim.api.nvim_get_current_buf()
local function back()
  vim.api.nvim_set_current_win(vim.fn.bufwinid(source))
end
local function hints()
  return vim.diagnostic.get(source)
end

wait('a mentor', function()
  return next(vim.lsp.buf_get_clients(source))
end)
say('clients', vim.tbl_map(function(client)
  return client.name
end, vim.tbl_values(vim.lsp.buf_get_clients(source))))

vim.api.nvim_buf_set_lines(source, -1, -1, false, vim.split(vim.env.CODE, '\n'))
wait('a hint', function()
  return #hints() > 0
end)
local hint = hints()[1]
say('hint', { message = hint.message, code = hint.code, source = hint.source })

--- Picks the step of the hint whose title holds these words.
local function step(words)
  back()
  local at = hints()[1]
  vim.api.nvim_win_set_cursor(0, { at.lnum + 1, at.col })
  picks = words
  vim.lsp.buf.code_action()
end

local show_message = vim.lsp.handlers['window/showMessage']
local shown = {}
vim.lsp.handlers['window/showMessage'] = function(...)
  table.insert(shown, select(2, ...).message)
  return show_message(...)
end
step('Why')
wait('why', function()
  return #shown > 0
end)
say('why', shown[#shown])

step('golden')
wait('the golden file', function()
  return vim.api.nvim_get_current_buf() ~= source
end)
say('golden', {
  line = vim.api.nvim_win_get_cursor(0)[1],
  text = vim.api.nvim_get_current_line(),
  modifiable = vim.bo.modifiable,
  readonly = vim.bo.readonly,
  file = vim.api.nvim_buf_get_name(0),
})
vim.cmd('close')

typed = 'The caller knows'
step('for me')
wait('no hint', function()
  return #hints() == 0
end)
say('muted', true)

back()
vim.cmd('Mentor chat How do we treat errors?')
wait('an answer with its source', function()
  return lines():find('[1]', 1, true) and lines():find('#L', 1, true)
end)
say('chat', lines())
vim.fn.search('\\[1\\]', 'w')
local chat = vim.api.nvim_get_current_buf()
vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<CR>', true, false, true), 'xt', false)
wait('the cited file', function()
  return vim.api.nvim_get_current_buf() ~= chat
end)
say('citation', { text = vim.api.nvim_get_current_line(), modifiable = vim.bo.modifiable })

back()
vim.cmd('silent write')
vim.cmd('Mentor review')
wait('a review', function()
  return lines():find('# Review', 1, true)
end)
say('review', lines())

say('told', told)
vim.cmd('qall!')
