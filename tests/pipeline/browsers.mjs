// Opens the pages of PAGES in a real headless Chromium, [{sdk, fault, events}], each at an origin of its own. A page with a fault sends three events, a second
// apart, and one more when all has come to rest; one without sends three and is left at once. Says "sent", and closes everything when standard input is closed.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

const { CLIENTS, CHROMIUM, WRITE_KEY, PAGES, FOLDER } = process.env;
const require = createRequire(CLIENTS + '/package.json');
const { chromium } = require('playwright-core');
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

require('esbuild').buildSync({ entryPoints: [new URL('browser_pages.mjs', import.meta.url).pathname], bundle: true, splitting: true, format: 'esm', outdir: FOLDER,
  target: 'es2022', nodePaths: [`${CLIENTS}/node_modules`], logLevel: 'error', define: { 'process.env.NODE_ENV': '"production"' } });

const site = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  const script = path.endsWith('.js') && await readFile(`${FOLDER}/${basename(path)}`).catch(() => '');
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
  response.end(script || '<!doctype html><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"><script type="module" src="/browser_pages.js"></script>');
});
await new Promise((done) => site.listen(0, '127.0.0.1', done));

// What a person's browser doesn't have is not to be seen: some SDKs say nothing to robots. Pages in the background are as awake as that in front.
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-blink-features=AutomationControlled', '--renderer-process-limit=3',
  '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'] });
const context = await browser.newContext({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36' });

async function visit({ sdk, fault, events }) {
  const page = await context.newPage();
  if (process.env.LOUD) page.on('console', (message) => console.error(sdk, fault, message.text()));
  page.on('pageerror', (error) => console.error(sdk, fault, error.message));
  const url = `http://${sdk}-${fault}.localhost:${site.address().port}/?sdk=${sdk}&events=${encodeURIComponent(events)}&key=${WRITE_KEY}`;
  const open = async (more) => {
    await page.goto(url + more);
    await page.waitForFunction(() => globalThis.send, null, { timeout: 30_000 });
  };
  const send = (number) => page.evaluate((element) => void globalThis.send(element), `${sdk}.${fault}.${number}`);
  if (fault !== 'leaving') {
    await open('');
    for (const [number, milliseconds] of [1000, 1000, 3500, 0].entries()) {
      await send(number);
      await pause(milliseconds);
    }
    return;
  }
  await open('&leaving');
  for (let number = 0; number < 3; ++number) await send(number);
  await page.goto('about:blank');
  if (sdk !== 'snowplow') return;
  // Snowplow's sends one request at a time, and keeps the rest for the site's next page.
  await open('');
  await send(3);
}

await Promise.all(JSON.parse(PAGES).map((page) => visit(page).catch((error) => console.error(page.sdk, page.fault, error.message))));
console.log('sent');
process.stdin.resume().on('end', async () => {
  await browser.close();
  process.exit(0);
});
