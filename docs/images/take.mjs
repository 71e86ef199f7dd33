// Takes the pictures of the README from a running demo: node docs/images/take.mjs [address of the product] [address of the sample website]
import { join } from 'node:path'
import { launch, newPage } from '../../frontend/e2e/browser.mjs'

const [product = 'http://127.0.0.1:8000', website = 'http://127.0.0.1:8001'] = process.argv.slice(2)
const HERE = import.meta.dirname
const PASSWORD = 'chengdan2026'

async function signedIn(browser, device, login) {
  const page = await newPage(browser, { device, baseURL: product })
  await page.goto('/')
  await page.getByLabel('账号').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL('**/today')
  return page
}

const shoot = (page, name) => page.screenshot({ path: join(HERE, `${name}.png`), scale: 'css', animations: 'disabled' })

const browser = await launch()
try {
  const phone = await signedIn(browser, 'phone', 'zhanglei')
  await phone.getByRole('article').first().waitFor()

  const visitor = await newPage(browser, { device: 'pc', baseURL: website, viewport: { width: 1100, height: 860 } })
  await visitor.goto('/')
  await visitor.locator('[name=company]').fill('苏州启航电器有限公司')
  await visitor.locator('[name=contact_name]').fill('陈工')
  await visitor.locator('[name=phone]').fill('15400000001')
  await visitor.locator('[name=province]').selectOption('江苏')
  await visitor.locator('[name=city]').fill('苏州')
  await visitor.locator('[name=product_line]').selectOption('冲压件')
  await visitor.locator('[name=need]').fill('电机外壳拉伸件，SPCC 厚 1.2，年用量约 30 万件，要带图报价。')
  await visitor.locator('#inquiry').evaluate((section) => section.scrollIntoView({ behavior: 'instant' }))
  await visitor.locator('[name=need]').blur()
  await shoot(visitor, 'website')
  await visitor.locator('#send').click()
  await phone.getByRole('article').filter({ hasText: '苏州启航电器有限公司' }).waitFor()
  // Said in a corner while somebody is elsewhere; the list shows it by itself.
  await phone.locator('.ant-notification-notice').waitFor({ state: 'detached' })
  await shoot(phone, 'today-phone')

  await phone.getByRole('article').filter({ hasText: '苏州启航电器有限公司' }).getByRole('link', { name: '苏州启航' }).click()
  await phone.getByRole('region', { name: '首次联系话术' }).waitFor()
  await shoot(phone, 'lead-phone')
  await phone.getByRole('button', { name: '记录跟进' }).first().click()
  await phone.getByText('结果怎么样').waitFor()
  await shoot(phone, 'follow-up-phone')

  const manager = await signedIn(browser, 'pc', 'wanghaiyan')
  await manager.getByRole('article').first().waitFor()
  await shoot(manager, 'today-pc')

  const administrator = await signedIn(browser, 'pc', 'admin')
  await administrator.goto('/admin/people')
  await administrator.getByText('张磊').first().waitFor()
  await shoot(administrator, 'people-pc')
} finally {
  await browser.close()
}
