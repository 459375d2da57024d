-- The mentor as a language server of Neovim's own client, from 0.7 on.
local commands = require('towpath-mentor.commands')
local chat = require('towpath-mentor.chat')
local golden = require('towpath-mentor.golden')
local server = require('towpath-mentor.server')

local M = {}

--- Starts the mentor for files of its languages. `options.cmd`: how it is called, by default `towpath mentor`.
function M.setup(options)
  server.cmd = (options or {}).cmd or server.cmd
  server.handlers['window/showDocument'] = golden.on_show_document
  server.handlers['towpathMentor/chatDelta'] = chat.on_delta
  commands.register()
  local group = vim.api.nvim_create_augroup('towpath-mentor', {})
  local function attach(event)
    server.attach(event.buf)
  end
  vim.api.nvim_create_autocmd('FileType', { group = group, pattern = server.filetypes, callback = attach })
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, { group = group, pattern = { 'archangel.json', 'archAngel.json' }, callback = attach })
end

return M
