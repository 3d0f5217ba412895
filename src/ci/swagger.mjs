// Opens /docs in a real Chromium, and of every operation of the contract clicks "Try it out" and "Execute" as they stand. Each must answer 2xx
// with a body that is shown. node src/ci/swagger.mjs BASE-URL FOLDER-OF-SCREENSHOTS; playwright-core must lie below NODE_PATH.
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [base, shots] = process.argv.slice(2);
const { chromium } = createRequire(resolve(process.env.NODE_PATH) + "/")("playwright-core");
mkdirSync(shots, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "tokentropy-swagger-"));

const contract = await (await fetch(base + "/openapi.json")).json();
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({ path, method })));

const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  viewport: { width: 1280, height: 900 },
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const failures = [];
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => failures.push(`script of the page: ${error.message}`));
  await page.goto(base + "/docs");
  await page.locator(".opblock").nth(operations.length - 1).waitFor({ timeout: 60_000 });
  if (!(await page.title()).startsWith("Tokentropy")) failures.push("title: " + (await page.title()));
  const version = (await page.locator(".info .version").first().textContent()).trim();
  if (version !== contract.info.version) failures.push("version: " + version);
  await page.screenshot({ path: join(shots, "docs.png") });

  const blocks = await page.locator(".opblock").count();
  if (blocks !== operations.length) failures.push(`${blocks} operations shown of ${operations.length}`);
  for (const { path, method } of operations) {
    const name = `${method.toUpperCase()} ${path}`;
    const said = await click(page, path, method).catch((error) => "none: " + error.message.split("\n")[0]);
    console.log(`${name.padEnd(26)} | ${said}`);
    if (!/^2\d\d /.test(said)) failures.push(`${name}: ${said}`);
  }
  await page.screenshot({ path: join(shots, "all.png"), fullPage: true });
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
if (failures.length) {
  console.log(failures.map((failure) => "FAILED " + failure).join("\n"));
  process.exit(1);
}
console.log(`${operations.length} operations answer 2xx at the first click`);

/** The status and the length of the body shown, as in "200, 512 characters shown". */
async function click(page, path, method) {
  const block = page.locator(`.opblock-${method}`).filter({ has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
  await block.locator(".opblock-summary-control").click();
  // Operations may be open for trying at once.
  const tryOut = block.locator("button.try-out__btn:not(.cancel)");
  const execute = block.locator("button.execute");
  await tryOut.or(execute).first().waitFor({ timeout: 30_000 });
  if (await tryOut.count()) await tryOut.click();
  await execute.click();
  const live = block.locator(".live-responses-table .response").first();
  await live.waitFor({ timeout: 30_000 });
  const status = (await live.locator(".response-col_status").textContent()).trim().slice(0, 3);
  const body = live.locator(".response-col_description .highlight-code, .response-col_description pre").first();
  await body.waitFor({ timeout: 30_000 });
  const text = (await body.textContent()).trim();
  await block.screenshot({ path: join(shots, (method + path).replaceAll(/[^a-z0-9]+/g, "-") + ".png") });
  await block.locator(".opblock-summary-control").click();
  return text ? `${status} with ${text.length} characters shown` : `${status}, but no body is shown`;
}
