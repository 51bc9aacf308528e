// A customer drops a key, in every way there is; screens, cabinet, office and journal are checked on the way.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../lib/kiosk.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

test('drop_03 drop_04 drop_07 drop_11 drop_13: by registration, the PIN from the mailbox, into a box, and the office sees it live', async (t) => {
  const world = await World.of(t, await browser());
  const { customer, kiosk } = world;
  const cabinet = await world.cabinet();
  const office = await world.staff('office', 'reception');
  const top = await world.open('/top');
  assert.equal((await kiosk.screen('top')).id, 'top.start');

  await customer.begin();
  assert.equal((await kiosk.screen('top')).id, 'top.busy');
  const pin = await customer.codeByRegistration('1ABC123', 'Private e-mail');
  const contact = await (await world.mailbox()).newest();
  assert.match(contact, /jane@example\.org/);
  assert.match(await customer.text(), /30 minutes/);

  await customer.touch('Type the code');
  const box = await customer.proveAndOpen(pin, { steps: async (step) => {
    const text = await customer.text();
    if (step === 'drop.driver') for (const known of ['Jane Sample', 'jane@example.org', 'jane.sample@example.com']) assert.match(text, new RegExp(known));
    else assert.match(text, /Yearly service/);
  } });

  await cabinet.isOpen(box);
  await top.locator('.plate-no', { hasText: String(box) }).waitFor();
  assert.doesNotMatch(await top.locator('#top').innerText(), /Jane|ABC|@|\b\d{6}\b/);
  await world.keyIs('1-ABC-123', 'customer');
  await cabinet.put(box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('drop.thanks');

  const custody = await world.keyIs('1-ABC-123', 'box', box);
  assert.ok(custody.since);
  await office.row('1-ABC-123').locator('.has-key').waitFor();
  assert.match(await office.page.locator('.visits li').first().innerText(), /1-ABC-123/, 'the newest drop comes first (OFFICE-1)');
  await customer.touch('Done');
  await customer.at('start');
  await until('top screen at start', async () => (await kiosk.screen('top')).id === 'top.start');
});
