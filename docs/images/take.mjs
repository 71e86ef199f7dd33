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
  await shoot(phone, 'today-phone')
  await phone.getByRole('region', { name: '新线索' }).getByRole('article').first().getByRole('link').first().click()
  await phone.getByText('首次联系话术').first().waitFor()
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

  const visitor = await newPage(browser, { device: 'pc', viewport: { width: 1000, height: 760 } })
  await visitor.goto(website)
  await shoot(visitor, 'website')
} finally {
  await browser.close()
}
