import type { Contract, Milestone } from '@/api/types'
import { type Opening, sheetHost } from '@/components/sheetHost'
import { CompleteSheet } from './CompleteSheet'
import { EditContractSheet } from './EditContractSheet'
import { MilestoneSheet } from './MilestoneSheet'
import { SignSheet } from './SignSheet'

type Opened =
  | { kind: 'edit' | 'sign' | 'complete'; contract: Contract }
  | { kind: 'milestone'; contract: Contract; step?: Milestone }

function OpenSheet({ what, ...opening }: { what: Opened } & Opening) {
  switch (what.kind) {
    case 'edit':
      return <EditContractSheet contract={what.contract} {...opening} />
    case 'sign':
      return <SignSheet contract={what.contract} {...opening} />
    case 'complete':
      return <CompleteSheet contract={what.contract} {...opening} />
    case 'milestone':
      return <MilestoneSheet contract={what.contract} step={what.step} {...opening} />
  }
}

export const { Host: ContractSheetsHost, useSheets: useContractSheets } = sheetHost<Opened>(OpenSheet)
