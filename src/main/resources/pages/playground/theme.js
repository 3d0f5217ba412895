// Before anything is drawn: the colours that were chosen here before, if any.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Without a store the colours are those of the system.
}
