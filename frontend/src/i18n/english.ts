/** The same keys in English, which has a form for one where Chinese does without. */
export type English<Chinese> = {
  [Key in keyof Chinese]: Chinese[Key] extends string ? string : English<Chinese[Key]>
} & {
  [Key in keyof Chinese as Key extends `${infer Base}_other` ? `${Base}_one` : never]?: string
}
