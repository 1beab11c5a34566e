import { listAuditEntries } from '@yike/contracts/http/audit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSign } from '../api/src/domain/identity/mainland-id.ts';
import { type StartedProduct, startProduct } from '../scripts/testing/product.ts';
import { DESKTOP, launchBrowser, PHONE } from './support/browser.ts';
import { type Flaws, lookAt } from './support/looks.ts';
import { Visitor } from './support/visitor.ts';

const FIRST_17 = '44030519550312004';
const ID_NUMBER = FIRST_17 + checkSign(FIRST_17);

let product: StartedProduct;
let browser: Browser;
let resident: Visitor;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
  resident = await Visitor.arrive(browser, product.origin, { viewport: PHONE });
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** What the page shows in place of a message. */
async function codeOnPage(): Promise<string> {
  const note = resident.page.getByText(/验证码是 \d{6}/);
  return /\d{6}/.exec((await note.textContent()) ?? '')?.[0] ?? '';
}

const switchTo = (name: string): Promise<void> =>
  resident.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click();

/** Every look of the page as it stands; afterwards it is a phone in large text again. */
async function looks(name: string): Promise<Flaws[]> {
  await switchTo('标准版');
  const flaws = await lookAt(resident, name);
  await resident.page.setViewportSize(PHONE);
  await switchTo('大字版');
  return flaws;
}

describe('a resident over sixty, on a phone, in large text', () => {
  it('gets a code by phone', async () => {
    const { page } = resident;
    await resident.open('/sign-in');
    await switchTo('大字版');
    expect(await looks('sign-in-by-code')).toEqual([]);
    await page.getByLabel('手机号').fill('137 1234');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('手机号应该是 11 位，请数一数。').waitFor();
    await page.getByLabel('手机号').fill('137 1234 5678');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByRole('textbox', { name: '验证码' }).fill(await codeOnPage());
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.waitForURL('**/register');
  });

  it('fills in who they are, and is told exactly what is wrong', async () => {
    const { page } = resident;
    expect(await looks('register-who')).toEqual([]);
    await page.getByLabel('姓名').fill('王秀兰');
    await page.getByLabel('身份证号码').fill(`${FIRST_17}${ID_NUMBER.endsWith('1') ? '2' : '1'}`);
    await page.getByLabel('大家怎么称呼您').fill('王阿姨');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('找社区').fill('桂苑');
    await page.getByRole('radio', { name: /桂苑社区/ }).check();
    expect(await looks('register-where')).toEqual([]);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('我同意用户协议').check();
    await page.getByLabel('我同意个人信息保护说明').check();
    expect(await looks('register-agree')).toEqual([]);
    await page.getByRole('button', { name: '同意并登记' }).click();
    await page.getByText('号码有一位写错了').first().waitFor();
    expect(await page.getByLabel('姓名').inputValue()).toBe('王秀兰');
  });

  it('mends it and is registered', async () => {
    const { page } = resident;
    await page.getByLabel('身份证号码').fill(ID_NUMBER);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '同意并登记' }).click();
    await page.waitForURL(`${product.origin}/`);
    await page.getByText('王阿姨').first().waitFor();
    expect(resident.troubles.filter((line) => !line.includes('422'))).toEqual([]);
  });

  it('sees what is kept, numbers masked, and takes it along after a code', async () => {
    const { page } = resident;
    await resident.open('/mine/privacy');
    await page.getByText('137****5678').waitFor();
    expect(await page.getByText(ID_NUMBER).count()).toBe(0);
    expect(await looks('privacy')).toEqual([]);
    await page.getByRole('button', { name: '下载我的资料' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '获取验证码' }).click();
    await dialog.getByRole('textbox', { name: '验证码' }).fill(await codeOnPage());
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '确认' }).click();
    expect((await download).suggestedFilename()).toBe('yike-my-data.zip');
  });
});

describe('who may see them', () => {
  it('is no administrator of another sub-district', async () => {
    const street = await Visitor.signedIn(browser, product.origin, 'street');
    await street.open('/admin/residents');
    await street.page.getByText('没有找到').waitFor();
    await street.page.getByLabel('找一位居民').fill('137 1234 5678');
    await street.page.getByRole('button', { name: '查找' }).click();
    await street.page.getByText('没有找到').waitFor();
  });

  it('is their own community’s, which sees them masked, and whole for a reason', async () => {
    const admin = await Visitor.signedIn(browser, product.origin, 'community', { viewport: DESKTOP });
    const { page } = admin;
    await admin.open('/admin/residents');
    await page.getByRole('link', { name: '王*兰' }).waitFor();
    expect(await lookAt(admin, 'residents')).toEqual([]);
    await page.getByLabel('找一位居民').fill('137 1234 5678');
    await page.getByRole('button', { name: '查找' }).click();
    await page.getByRole('link', { name: '王*兰' }).click();
    await page.getByRole('heading', { name: '查看完整信息' }).waitFor();
    expect(await page.getByText(ID_NUMBER).count()).toBe(0);
    expect(await lookAt(admin, 'resident')).toEqual([]);
    await page.getByText('身份证号码').last().click();
    await page.getByLabel('原因').fill('核对培训证');
    await page.getByRole('button', { name: '查看' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('密码', { exact: true }).click();
    await dialog.getByRole('textbox', { name: '密码' }).fill('yike-demo');
    await dialog.getByRole('button', { name: '确认' }).click();
    await page.getByText(ID_NUMBER).waitFor();
    const { items } = await admin.read(listAuditEntries);
    expect(items.map(({ action, reason, after }) => ({ action, reason, after }))).toContainEqual({
      action: 'resident.reveal',
      reason: '核对培训证',
      after: { revealed: 'number' },
    });
    expect(JSON.stringify(items)).not.toContain(ID_NUMBER);
  });
});
