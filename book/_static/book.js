// A formula wider than the page scrolls inside itself: let the keyboard reach it.
function focusWideFormulas() {
  for (const formula of document.querySelectorAll("div.math .katex-html")) {
    const box = formula.closest("div.math");
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", "formula");
    } else box.removeAttribute("tabindex");
  }
}
document.addEventListener("DOMContentLoaded", focusWideFormulas);
window.addEventListener("resize", focusWideFormulas);

// Pages that were opened from disk may not read each other, so search shows titles only.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Paper shows everything: open what is folded before printing.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("article details")) details.open = true;
});
