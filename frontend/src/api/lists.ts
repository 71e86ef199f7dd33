/** Records found through several ways of looking, each once. */
export async function throughAll<S, T extends { id: string }>(
  scopes: S[],
  limit: number,
  page: (scope: S) => Promise<{ items: T[] }>,
): Promise<T[]> {
  const pages = await Promise.all(scopes.map(page))
  const found = new Map(pages.flatMap(({ items }) => items.map((item) => [item.id, item] as const)))
  return [...found.values()].slice(0, limit)
}
