// Runs before the first paint, so that a dark page never flashes white. `light`, `dark`, or nothing: as the system has it.
try {
  const chosen = localStorage.getItem('towpath.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage is switched off: the system's theme it is.
}
