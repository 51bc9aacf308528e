// The other pages at three sizes, light and dark: axe-core finds nothing. The bottom screen: `screens.test.js`.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { violations } from '../lib/axe.js';
import { Hand } from '../lib/fast.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const SIZES = [[1080, 1920], [1280, 800], [800, 480]];
const theme = (page, name) => page.evaluate((value) => { document.documentElement.dataset.theme = value; }, name);

async function settled(page, [width, height]) {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(220);
}

test('ux_05 ux_16: the top screen at three sizes, light and dark, in four languages', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const top = await world.open('/top');
  const faults = [];
  const everywhere = async (name) => {
    for (const locale of ['fr', 'nl', 'de', 'en']) {
      await hand.do({ do: 'language', locale });
      await top.waitForFunction((lang) => document.documentElement.lang === lang, locale);
      for (const size of SIZES) {
        await settled(top, size);
        for (const look of ['light', 'dark']) {
          await theme(top, look);
          faults.push(...(await violations(top)).map((fault) => `${name}, ${locale}, ${size.join('x')}, ${look}: ${fault}`));
        }
      }
    }
  };
  await everywhere('start');
  await hand.dropUntilOpen('1-ABC-123');
  await everywhere('a box open');
  assert.deepEqual(faults, []);
});

test('ux_05: the pages of staff, cabinet, mailbox and index, narrow and wide, light and dark', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  await hand.drop('1-ABC-123');
  const office = await world.staff('office', 'admin');
  await office.row('1-ABC-123').click();
  await office.page.locator('.detail .timeline').waitFor();
  await office.page.locator('summary', { hasText: 'Activity log' }).click();
  await office.page.locator('.table tbody tr').nth(3).waitFor();
  await hand.act({ do: 'pry', box_no: 7 });
  await office.page.locator('.told li').first().waitFor();
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
