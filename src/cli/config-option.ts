import { Option } from 'commander'

export function configOption(): Option {
  return new Option('--config <file>', 'the configuration file (default: towpath.yaml in the working folder)').env(
    'TOWPATH_CONFIG',
  )
}
