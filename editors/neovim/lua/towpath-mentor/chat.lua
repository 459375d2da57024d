-- The chat, in a buffer. <CR> on a number such as [1] opens the golden file that it stands for.
local golden = require('towpath-mentor.golden')
local scratch = require('towpath-mentor.scratch')
local server = require('towpath-mentor.server')

local M = {}

local NAME = 'mentor://chat'
local conversation
-- Each answer: the line where it begins, its text so far, its sources once they are here.
local answers = {}
local running

local function draw(answer)
  local lines = { answer.text, '' }
  for _, source in ipairs(answer.sources) do
    table.insert(lines, ('[%d] %s'):format(source.number, source.citation))
  end
  vim.list_extend(lines, answer.notes)
  table.insert(lines, '')
  scratch.write(scratch.buffer(NAME), answer.from, table.concat(lines, '\n'))
end

--- What a number stands for in the answer that this line, from 0, belongs to.
local function source_at(line, number)
  for n = #answers, 1, -1 do
    if answers[n].from <= line then
      for _, source in ipairs(answers[n].sources) do
        if source.number == number then return source end
      end
      return nil
    end
  end
end

local function open_citation()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  for first, number, last in vim.api.nvim_get_current_line():gmatch('()%[(%d+)%]()') do
    local source = first - 1 <= column and column < last - 1 and source_at(line - 1, tonumber(number))
    if source then return golden.open(source) end
  end
  vim.notify('No citation under the cursor')
end

function M.on_delta(_, delta)
  if not running then return end
  running.text = running.text .. delta.text
  draw(running)
end

function M.ask(question)
  if running then return vim.notify('The mentor still answers') end
  local buffer = scratch.show(NAME)
  vim.keymap.set('n', '<CR>', open_citation, { buffer = buffer, desc = 'Open the citation under the cursor' })
  local empty = vim.api.nvim_buf_line_count(buffer) == 1 and vim.api.nvim_buf_get_lines(buffer, 0, 1, false)[1] == ''
  local from = empty and 0 or vim.api.nvim_buf_line_count(buffer)
  scratch.write(buffer, from, '## ' .. question .. '\n\n')
  local answer = { from = from + 2, text = '', sources = {}, notes = {} }
  table.insert(answers, answer)
  running = answer
  server.request('towpathMentor/chat', { question = question, conversation = conversation }, function(result, err)
    running = nil
    if err then answer.text = answer.text .. '\n\n' .. err.message end
    if result then
      conversation = result.conversation
      answer.text, answer.sources, answer.notes = result.text, result.citations, result.notes
    end
    draw(answer)
  end)
end

return M
