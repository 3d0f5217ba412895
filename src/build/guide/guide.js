// What the guide does beyond being read: a search that needs no network but this service, commands that name it, and buttons to copy them.

const form = document.querySelector("form[role=search]");
const input = form.querySelector("input");
const found = form.querySelector(".found");
let sections;

/** [address, page, heading, text] of every section, and the last three in small letters. */
async function load() {
  sections ??= fetch("/guide/search.json")
    .then((answer) => answer.json())
    .then((all) => all.map((section) => ({ section, low: section.slice(1).map((part) => part.toLowerCase()) })));
  return sections;
}

/** How well a section fits: a word counts by where it is, a second word more than the place of the first; 0 for less than half of them. */
function weight(low, words) {
  let sum = 0;
  let present = 0;
  for (const word of words) {
    const [page, heading, text] = low.map((part) => part.includes(word));
    if (page || heading || text) present += 1;
    sum += (heading ? 6 : 0) + (page ? 3 : 0) + (text ? 1 : 0);
  }
  return 2 * present < words.length ? 0 : 20 * present + sum;
}

/** A line around the first word that is found, with all of them marked. */
function excerpt(text, words) {
  const low = text.toLowerCase();
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), low.length);
  const from = first === low.length ? 0 : Math.max(0, first - 50);
  const line = document.createElement("span");
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const parts = text.slice(from, from + 160).split(new RegExp(`(${escaped})`, "i"));
  parts.forEach((part, i) => {
    const marked = document.createElement("mark");
    marked.textContent = part;
    line.append(i % 2 ? marked : part);
  });
  return line;
}

async function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) {
    found.hidden = true;
    return;
  }
  const best = (await load())
    .map(({ section, low }) => ({ section, weight: weight(low, words) }))
    .filter((hit) => hit.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 12);
  found.replaceChildren(
    ...best.map(({ section: [address, page, heading, text] }) => {
      const link = document.createElement("a");
      link.href = address;
      link.append(heading === page ? page : `${page}: ${heading}`, excerpt(text, words));
      return link;
    }));
  if (!best.length) {
    const none = document.createElement("p");
    none.textContent = "Nothing has these words.";
    found.append(none);
  }
  found.hidden = false;
}

form.hidden = false;
input.addEventListener("input", search);
input.addEventListener("focus", search);
found.addEventListener("click", () => (found.hidden = true));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  found.querySelector("a")?.click();
});
form.addEventListener("keydown", (event) => {
  const links = [input, ...found.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + step))].focus();
  } else if (event.key === "Escape") {
    found.hidden = true;
  }
});
document.addEventListener("click", (event) => {
  if (!form.contains(event.target)) found.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== input) {
    event.preventDefault();
    input.focus();
  }
});

for (const code of document.querySelectorAll("pre > code")) {
  const commands = code.matches(".language-sh, .language-python");
  if (commands) {
    code.textContent = code.textContent.replaceAll("http://localhost:8080", location.origin).replaceAll("localhost:8080", location.host);
  }
  if (commands && navigator.clipboard) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "copied";
    });
    code.before(button);
  }
}
