"use strict";

// Light or dark: as the system has it until the reader chooses; on paper dark on white.

const theme = new Observed({ choice: "auto", palette: null });

{
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  const wear = (name) => {
    root.dataset.theme = name;
    theme.set({ palette: new Palette(getComputedStyle(root)) });
  };
  const wearChoice = () => {
    const choice = theme.get("choice");
    wear(choice === "auto" ? (systemIsDark.matches ? "dark" : "light") : choice);
  };

  theme.watch(["choice"], wearChoice);
  systemIsDark.addEventListener("change", wearChoice);
  window.addEventListener("beforeprint", () => wear("paper"));
  window.addEventListener("afterprint", wearChoice);
}
