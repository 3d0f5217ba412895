// Opens /docs in a real Chromium, and of every operation of the contract clicks "Try it out" and "Execute" as they stand. Each must send the
// first example of the contract and answer 2xx with a body that is shown. node src/ci/swagger.mjs BASE-URL FOLDER-OF-SCREENSHOTS; playwright-core must lie below NODE_PATH.
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
  Object.entries(methods).map(([method, said]) => ({ path, method, said })));

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
  for (const { path, method, said } of operations) {
    const name = `${method.toUpperCase()} ${path}`;
    const found = await click(page, path, method, firstBody(said)).catch((error) => "none: " + error.message.split("\n")[0]);
    console.log(`${name.padEnd(26)} | ${found}`);
    // Without model servers nothing can be asked of them.
    const expected = method === "post" && said.tags.includes("gateway") ? /^404 with/ : /^2\d\d with/;
    if (!expected.test(found)) failures.push(`${name}: ${found}`);
  }
  await page.screenshot({ path: join(shots, "all.png"), fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await page.locator(".opblock").first().waitFor();
  await page.screenshot({ path: join(shots, "phone-dark.png") });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) failures.push(`on a phone the page is ${width} pixels wide`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
if (failures.length) {
  console.log(failures.map((failure) => "FAILED " + failure).join("\n"));
  process.exit(1);
}
console.log(`${operations.length} operations answer as they should at the first click`);

/** The first example of a body, as text; null where there is none. */
function firstBody(said) {
  const [media] = Object.values(said.requestBody?.content ?? {});
  if (!media) return null;
  const [example] = Object.values(media.examples);
  return typeof example.value === "string" ? example.value : JSON.stringify(example.value);
}

/** The status and the length of the body shown, as in "200 with 512 characters shown". */
async function click(page, path, method, body) {
  const block = page.locator(`.opblock-${method}`).filter({ has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
  await block.locator(".opblock-summary-control").click();
  // Operations may be open for trying at once.
  const tryOut = block.locator("button.try-out__btn:not(.cancel)");
  const execute = block.locator("button.execute");
  await tryOut.or(execute).first().waitFor({ timeout: 30_000 });
  if (await tryOut.count()) await tryOut.click();
  const [request] = await Promise.all([page.waitForRequest((sent) => sent.resourceType() === "fetch"), execute.click()]);
  const live = block.locator(".live-responses-table .response").first();
  await live.waitFor({ timeout: 30_000 });
  const status = (await live.locator(".response-col_status").textContent()).trim().slice(0, 3);
  const shown = live.locator(".response-col_description .highlight-code, .response-col_description pre").first();
  await shown.waitFor({ timeout: 30_000 });
  const text = (await shown.textContent()).trim();
  await block.screenshot({ path: join(shots, (method + path).replaceAll(/[^a-z0-9]+/g, "-") + ".png") });
  await block.locator(".opblock-summary-control").click();
  const sent = request.postData();
  if (compact(sent) !== compact(body)) return `${status}, but another body was sent than the first example: ${sent}`;
  return text ? `${status} with ${text.length} characters shown` : `${status}, but no body is shown`;
}

/** The same text for the same JSON, however it is laid out. */
function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
