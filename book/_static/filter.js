// A field that keeps of a page's tables only the rows that contain every word typed into it.

const field = document.getElementById("filter");
const status = document.querySelector(".filter [role=status]");
const rows = [...document.querySelectorAll("article table tbody tr")];
// A heading is shown as long as a row is shown under it.
const parts = [...document.querySelectorAll("article section section")];

function filter() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  for (const part of parts) part.hidden = !part.querySelector("tbody tr:not([hidden])");
  const shown = rows.filter((row) => !row.hidden).length;
  status.textContent = words.length ? `${shown} of ${rows.length} topics` : "";
}

field.addEventListener("input", filter);
filter(); // a browser may keep what was typed before the page was loaded again
