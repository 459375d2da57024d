-- Starting the mentor, and asking it.
local M = {
  cmd = { 'towpath', 'mentor' },
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'python', 'go', 'cs', 'java' },
  handlers = {},
}

local NAME = 'towpath-mentor'

--- The folder of the file's repository, else the file's own.
local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  local at = folder
  while true do
    -- A folder, or a file in a work tree of Git's.
    if vim.fn.filereadable(at .. '/.git') == 1 or vim.fn.isdirectory(at .. '/.git') == 1 then return at end
    local above = vim.fn.fnamemodify(at, ':h')
    if above == at then return folder end
    at = above
  end
end

local function clients()
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  return vim.tbl_filter(function(client)
    return client.name == NAME
  end, all)
end

local function config_for(root)
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  -- Answered by us also where Neovim does not.
  capabilities.window.showDocument = { support = true }
  return {
    name = NAME,
    cmd = M.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    capabilities = capabilities,
    handlers = M.handlers,
  }
end

--- One mentor a repository.
function M.attach(buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' or vim.bo[buffer].buftype ~= '' or not vim.bo[buffer].modifiable then return end
  local root = root_of(path)
  local id
  for _, client in ipairs(clients()) do
    if client.config.root_dir == root then id = client.id end
  end
  id = id or vim.lsp.start_client(config_for(root))
  if id then vim.lsp.buf_attach_client(buffer, id) end
end

--- The mentor of this buffer, else any that runs: from the chat one asks too.
local function current()
  local all = clients()
  for _, client in ipairs(all) do
    if vim.lsp.buf_is_attached(0, client.id) then return client end
  end
  return all[#all]
end

--- `done` gets the answer, or nil and the error, which the user has been told.
function M.request(method, params, done)
  local client = current()
  if not client then
    vim.notify('No mentor runs: open a file of a language that it knows', vim.log.levels.WARN)
    return
  end
  local function answered(err, result)
    if err then vim.notify(err.message, vim.log.levels.ERROR) end
    if done then done(result, err) end
  end
  if vim.fn.has('nvim-0.11') == 1 then return client:request(method, params, answered) end
  return client.request(method, params, answered)
end

--- Runs a command of the mentor.
function M.execute(name, argument, done)
  M.request('workspace/executeCommand', { command = 'towpath.mentor.' .. name, arguments = argument and { argument } or nil }, done)
end

return M
