const stored = (personId: string): string => `chengdan.pipeline.${personId}`

/** The pipeline whose board this person looked at last, on this device. */
export const chosenPipeline = (personId: string): string | undefined =>
  localStorage.getItem(stored(personId)) ?? undefined

export const choosePipeline = (personId: string, pipelineId: string): void =>
  localStorage.setItem(stored(personId), pipelineId)
