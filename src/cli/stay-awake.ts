/** The clock's waits do not keep a process alive; between two tries nothing else would. Until what it gives is called. */
export function stayAwake(): () => void {
  const { port1 } = new MessageChannel()
  port1.ref()
  return () => port1.close()
}
