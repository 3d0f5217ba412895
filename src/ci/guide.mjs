// Reads every page of the guide in a real Chromium, on a screen and on a phone in the dark, and searches. node src/ci/guide.mjs BASE-URL FOLDER-OF-SCREENSHOTS;
// playwright-core and axe-core must lie below NODE_PATH.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [base, shots] = process.argv.slice(2);
const require = createRequire(resolve(process.env.NODE_PATH) + "/");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PHOTOGRAPHED = ["/guide", "/guide/start", "/guide/entropy", "/guide/ead"];
mkdirSync(shots, { recursive: true });

const failures = [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });

/** A page whose complaints, failed requests and requests to elsewhere count as failures. */
async function open(options) {
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => failures.push(`${page.url()}: ${error.message}`));
  page.on("console", (line) => line.type() === "error" && failures.push(`${page.url()}: ${line.text()}`));
  page.on("request", (sent) => /^(data:|http:\/\/127\.0\.0\.1:)/.test(sent.url()) || failures.push(`${page.url()} asks for ${sent.url()}`));
  page.on("response", (answer) => answer.status() >= 400 && failures.push(`${answer.url()} is ${answer.status()}`));
  return page;
}

try {
  const screens = {
    wide: await open({ viewport: { width: 1280, height: 900 } }),
    "phone-dark": await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark" }),
  };
  await screens.wide.goto(base + "/guide");
  const pages = await screens.wide.locator("#pages a").evaluateAll((links) => [...new Set(links.map((link) => link.pathname))]);
  if (pages.length < 30) failures.push(`the navigation has ${pages.length} pages`);
  for (const path of pages) {
    for (const [screen, page] of Object.entries(screens)) {
      await page.goto(base + path);
      const found = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth - window.innerWidth,
        pictures: [...document.images].filter((image) => !image.complete || !image.naturalWidth).map((image) => image.src),
      }));
      if (found.width > 0) failures.push(`${path}, ${screen}: ${found.width} pixels too wide`);
      found.pictures.forEach((picture) => failures.push(`${path}, ${screen}: ${picture} is not shown`));
      const { violations } = await page.evaluate(axe + ";axe.run()");
      violations.forEach((rule) => failures.push(`${path}, ${screen}: ${rule.id}, ${rule.nodes[0].html.slice(0, 120)}`));
      if (PHOTOGRAPHED.includes(path)) await page.screenshot({ path: join(shots, path.slice(1).replace("/", "-") + `-${screen}.png`) });
    }
  }

  const page = screens.wide;
  await page.goto(base + "/guide");
  await page.keyboard.press("/");
  await page.keyboard.type("renormalise");
  const hits = page.locator(".found a");
  await hits.first().waitFor();
  await page.screenshot({ path: join(shots, "search.png") });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/guide\/.+/);
  await page.goto(base + "/guide/start");
  const command = await page.locator("pre code.language-sh").nth(1).textContent();
  if (!command.includes(base.replace("http://", ""))) failures.push("a command does not name this service: " + command);
  console.log(`${pages.length} pages, wide and on a phone in the dark`);
} finally {
  await browser.close();
}
if (failures.length) {
  console.log([...new Set(failures)].map((failure) => "FAILED " + failure).join("\n"));
  process.exit(1);
}
