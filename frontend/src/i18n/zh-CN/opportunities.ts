export const opportunities = {
  opportunity: {
    moves: {
      created: '建立',
      forward: '前进',
      skip: '跳过',
      back: '退回',
      won: '成交',
      lost: '丢单',
      reopened: '重新打开',
    },
    losses: {
      price: '价格',
      delivery_time: '交期',
      technical: '技术做不到',
      competitor: '选了同行',
      no_budget: '没有预算',
      no_answer: '联系不上',
      cancelled: '项目取消',
      other: '其他',
    },
  },
} as const
