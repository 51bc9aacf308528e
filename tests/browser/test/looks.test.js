// Every screen at three sizes, in four languages, light and dark: axe-core, and nothing cut, outside or over another.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { layoutFaults, violations } from '../lib/axe.js';
import { walkKiosk } from '../lib/walk.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const SIZES = [[1080, 1920], [1280, 800], [800, 480]];
const theme = (page, name) => page.evaluate((value) => { document.documentElement.dataset.theme = value; }, name);

async function settled(page, [width, height]) {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(220);
}

for (const language of ['English', 'Français', 'Nederlands', 'Deutsch']) {
  test(`ux_05 ux_16: every screen of the kiosk at three sizes, light and dark, in ${language}`, async (t) => {
    const world = await World.of(t, await browser());
    if (language !== 'English') await world.customer.touch(language);
    const faults = [];
    let looked = 0;
    const top = await world.open('/top');
    await walkKiosk(world, async (name, page) => {
      for (const size of SIZES) {
        await settled(page, size);
        // Contrast is the same at every size: dark is looked at once.
        for (const name_ of size[0] === 1280 && language === 'English' ? ['light', 'dark'] : ['light']) {
          await theme(page, name_);
          const found = [...await violations(page), ...await layoutFaults(page)];
          looked += 1;
          faults.push(...found.map((fault) => `${name}, ${size.join('x')}, ${name_}: ${fault}`));
        }
        await theme(page, 'light');
      }
      if (['start', 'drop.serve open'].includes(name)) {
        for (const size of SIZES) {
          await settled(top, size);
          faults.push(...(await violations(top)).map((fault) => `top at ${name}, ${size.join('x')}: ${fault}`));
          looked += 1;
        }
      }
      await settled(page, [1280, 800]);
    });
    t.diagnostic(`${looked} looks`);
    assert.deepEqual(faults, []);
  });
}

test('ux: the pages of staff, cabinet, mailbox and index, narrow and wide, light and dark', async (t) => {
  const world = await World.of(t, await browser());
  const { Hand } = await import('../lib/fast.js');
  const hand = new Hand(world.kiosk);
  await hand.drop('1-ABC-123');
  const office = await world.staff('office', 'admin');
  await office.row('1-ABC-123').click();
  await office.page.locator('.detail .timeline').waitFor();
  const tablet = await world.staff('tablet', 'mechanic');
  await tablet.ticket('1-ABC-123');
  await tablet.page.locator('#ticket').waitFor();
  const pages = { office: office.page, tablet: tablet.page, cabinet: (await world.cabinet()).page, mailbox: (await world.mailbox()).page, index: await world.open('/') };
  const faults = [];
  for (const [name, page] of Object.entries(pages)) {
    for (const size of [[360, 740], [800, 1100], [1440, 900]]) {
      await settled(page, size);
      for (const look of ['light', 'dark']) {
        await theme(page, look);
        faults.push(...(await violations(page)).map((fault) => `${name}, ${size.join('x')}, ${look}: ${fault}`));
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${name}, ${size.join('x')}: scrolls sideways by ${wide} px`);
    }
  }
  assert.deepEqual(faults, []);
});
