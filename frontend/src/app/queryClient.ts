import { QueryClient } from '@tanstack/react-query'
import { isTransient } from '@/api/problem'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isTransient(error),
      retryDelay: (failures) => Math.min(4000, 600 * 2 ** failures),
    },
    mutations: { retry: false },
  },
})
