-- :Mentor, and what a command of the mentor needs to be told before it runs.
local chat = require('towpath-mentor.chat')
local server = require('towpath-mentor.server')

local M = {}

--- The mentor shows by itself what comes of it.
local function run(name)
  return function()
    server.execute(name)
  end
end

local subcommands = {
  index = run('index'),
  refresh = run('refresh'),
  repair = run('repair'),
  status = run('status'),
  review = run('review'),
  ['code-style'] = run('codeStyle'),
  wiki = run('wiki'),
  wipe = function()
    if vim.fn.confirm('Wipe the mentor’s index?', '&Wipe\n&Cancel', 2) == 1 then run('wipe')() end
  end,
  mode = function(mode)
    local modes = { 'learning', 'pairing', 'off' }
    if mode ~= '' then return server.execute('mode', { mode = mode }) end
    vim.ui.select(modes, { prompt = 'How the mentor helps' }, function(picked)
      if picked then server.execute('mode', { mode = picked }) end
    end)
  end,
  chat = function(question)
    if question ~= '' then return chat.ask(question) end
    vim.ui.input({ prompt = 'Ask the mentor: ' }, function(typed)
      if typed and typed ~= '' then chat.ask(typed) end
    end)
  end,
}

--- A mute asks why, and begins with what the mentor proposes.
local function mute(command)
  local asked = vim.deepcopy(command.arguments[1])
  vim.ui.input({ prompt = 'Why does it not hold here? ', default = asked.reason }, function(reason)
    if not reason or vim.trim(reason) == '' then return end
    asked.reason = vim.trim(reason)
    server.execute('mute', asked)
  end)
end

function M.register()
  vim.lsp.commands['towpath.mentor.mute'] = mute
  vim.api.nvim_create_user_command('Mentor', function(called)
    local name, rest = called.args:match('^(%S+)%s*(.*)$')
    local subcommand = subcommands[name]
    if not subcommand then return vim.notify('Mentor knows no ' .. name, vim.log.levels.ERROR) end
    subcommand(rest)
  end, {
    nargs = '+',
    complete = function(start)
      local names = vim.tbl_filter(function(name)
        return vim.startswith(name, start)
      end, vim.tbl_keys(subcommands))
      table.sort(names)
      return names
    end,
  })
end

return M
