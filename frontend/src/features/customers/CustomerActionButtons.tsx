import { Button } from 'antd'
import type { Customer } from '@/api/types'
import { useCustomerActions } from './customerActions'

export function CustomerActionButtons({ customer }: { customer: Customer }) {
  const actions = useCustomerActions(customer)
  return (
    <>
      {actions.map(({ key, label, icon, run }, place) => (
        <Button key={key} type={place === 0 ? 'primary' : 'default'} icon={icon} onClick={run}>
          {label}
        </Button>
      ))}
    </>
  )
}
