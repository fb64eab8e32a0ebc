// Dark, light, or as the system is. Kept between starts for the screens that know no annotator.

const KEY = "theme";

/** Shows a theme: `dark`, `light` or `system`. */
export function showTheme(theme: string) {
  document.documentElement.dataset["theme"] = resolve(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the next start is dark, which is the default.
  }
}

/** The theme of the last start. */
export function lastTheme(): string {
  try {
    return localStorage.getItem(KEY) ?? "dark";
  } catch {
    return "dark";
  }
}

function resolve(theme: string): "dark" | "light" {
  if (theme === "light" || theme === "dark") return theme;
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}
