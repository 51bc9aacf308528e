// Goes through every screen there is and calls `see(name, page)` at each: for looks and for pictures.

import { Hand } from './fast.js';
import { until } from './kiosk.js';

/** The screens of the bottom screen, in the order in which a busy day meets them. */
export async function walkKiosk(world, see) {
  const { kiosk, customer } = world;
  const { page } = customer;
  const hand = new Hand(kiosk);
  const at = async (step, name = step) => {
    await page.locator(`#kiosk[data-step="${step}"]`).waitFor();
    await see(name, page);
  };
  const generation = async () => {
    const now = (await kiosk.screen()).generation;
    await page.waitForTimeout(150);
    return now;
  };

  await at('start');
  await hand.press('drop_key');
  await at('drop.welcome');
  await hand.press('go');
  await at('drop.method');
  await hand.press('by_pin');
  await page.locator('#kiosk[data-step="drop.pin"]').waitFor();
  for (const digit of [1, 2, 3, 4]) await hand.do({ do: 'digit', digit });
  await page.locator('.slot-full').nth(3).waitFor();
  await at('drop.pin');
  for (const digit of [5, 7]) await hand.do({ do: 'digit', digit });
  await hand.press('ok');
  await page.getByRole('alert').waitFor();
  await at('drop.pin', 'drop.pin wrong');
  await hand.press('back', 'by_registration');
  await page.locator('#entry').waitFor();
  await hand.do({ do: 'write', text: '1ABC12' });
  await at('drop.registration');
  await hand.press('help');
  await at('drop.registration', 'help');
  await hand.press('call_help');
  await until('help called', async () => (await kiosk.screen()).overlay?.lines.some(({ id }) => ['help-called', 'help-nobody'].includes(id)));
  await generation();
  await at('drop.registration', 'help called');
  await hand.press('close_help', 'abort');
  await at('drop.registration', 'abort');
  await hand.press('no');
  await hand.do({ do: 'write', text: '9ZZZ999' });
  await hand.press('ok');
  await at('drop.searching');
  await at('drop.no_match');
  await hand.press('back', 'by_phone');
  await page.locator('#kiosk[data-step="drop.phone"] #entry').waitFor();
  await hand.do({ do: 'write', text: '0470000001' });
  await at('drop.phone');
  await hand.press('ok');
  await hand.at('drop.vehicle');
  await hand.do({ do: 'choose', item: 0 });
  await at('drop.vehicle');
  await hand.press('ok');
  await at('drop.contact');
  await hand.press('send');
  await at('drop.sent');
  const letters = await until('a letter', async () => {
    const all = await kiosk.get('/api/v1/mailbox');
    return all.length > 0 && all;
  });
  const [pin] = /\b\d{6}\b/.exec(letters.reduce((one, other) => (other.id > one.id ? other : one)).body);
  await hand.press('enter_code');
  await hand.type(pin);
  await at('drop.driver');
  await hand.press('edit_phone');
  await page.locator('#kiosk[data-step="drop.add_phone"] #entry').waitFor();
  await hand.do({ do: 'write', text: '0470999988' });
  await at('drop.add_phone');
  await hand.press('ok');
  await page.locator('.row-value', { hasText: '0470999988' }).waitFor();
  await at('drop.driver', 'drop.driver with number');
  await hand.press('next');
  await at('drop.appointments');
  await hand.press('edit_remark');
  await page.locator('#kiosk[data-step="drop.remark"] #entry').waitFor();
  await hand.do({ do: 'write', text: 'The left front tyre loses air every week; please look at the rim and at the valve, and call me before you order a new one. The parking ticket is in the glove box.' });
  await at('drop.remark');
  await hand.press('ok');
  await at('drop.appointments', 'drop.appointments with remark');
  await hand.press('next');
  const box_no = await hand.opened();
  await generation();
  await at('drop.serve', 'drop.serve open');
  await hand.press('confirm');
  await page.locator('.notice').waitFor();
  await at('drop.serve', 'drop.serve close first');
  await hand.press('abort');
  await at('drop.serve', 'abort at a box');
  await hand.press('no');
  await hand.act({ do: 'put', box_no, item: 'key' });
  await hand.close(box_no);
  await hand.at('drop.thanks');
  await at('drop.thanks');
  await hand.press('done', 'pick_up_key');
  await at('pick.welcome');
  await hand.press('go');
  await at('pick.method');
  await hand.press('by_qr');
  await page.waitForFunction(() => document.querySelector('.qr-img')?.naturalWidth > 0);
  await at('pick.qr');
  return { hand, box_no };
}
