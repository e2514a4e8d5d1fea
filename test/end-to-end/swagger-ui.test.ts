import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import t from 'tap';
import { startGateway } from '../helpers/start-gateway.ts';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

t.test(
  'in Swagger UI, under its strict policy, a newcomer tries the first sample and reads a dossier',
  async (t) => {
    t.ok(existsSync(CHROMIUM), `Chromium is needed at ${CHROMIUM}, or CHROMIUM_PATH`);
    const gateway = await startGateway(t);
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    t.teardown(() => browser.close());
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const response = await page.goto(`${gateway.url}/docs`);
    t.match(response?.headers()['content-security-policy'], /default-src 'none'.*script-src 'self'/);
    await page.click('#operations-Dossiers-lireDossier .opblock-summary-control');
    await page.click('.opblock .execute');
    const body = page.locator('.live-responses-table .response-col_description .highlight-code').first();
    await body.waitFor({ timeout: 20_000 });
    t.equal(
      (await page.locator('.live-responses-table .response-col_status').nth(1).innerText()).trim(),
      '200',
    );
    t.match(await body.innerText(), 'ATELIER NUMÉRIQUE DES QUAIS');
    t.strictSame(errors, []);
  },
);
