import type { ThemeConfig } from 'antd'

/** The one place of the product's look. Pine for what is ours, amber for what wants attention, red for what is late. */
export const palette = {
  pine: '#0f5a55',
  pineDeep: '#12302f',
  pineMist: '#e3eeea',
  amber: '#ffb547',
  ground: '#f3f4f1',
  surface: '#ffffff',
  line: '#dde1db',
  ink: '#16211f',
  inkSoft: '#52605c',
  late: '#b3261e',
  lateMist: '#fbeae8',
  soon: '#8a4b08',
  soonMist: '#fdf1de',
  calm: '#3f5b73',
  calmMist: '#e9eff4',
  good: '#1b6b3a',
  goodMist: '#e4f2e8',
} as const

const FONT =
  '"PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans SC", "Microsoft YaHei", system-ui, -apple-system, "Segoe UI", sans-serif'

const lively: ThemeConfig = {
  token: {
    colorPrimary: palette.pine,
    colorInfo: palette.pine,
    colorLink: palette.pine,
    colorError: palette.late,
    colorWarning: palette.soon,
    colorWarningBg: palette.soonMist,
    colorWarningBorder: '#ecd3a8',
    colorSuccess: palette.good,
    colorBgLayout: palette.ground,
    colorText: palette.ink,
    colorTextSecondary: palette.inkSoft,
    colorTextTertiary: palette.inkSoft,
    colorTextDescription: palette.inkSoft,
    colorTextPlaceholder: '#6b7773',
    colorBorder: '#c4cbc4',
    colorBorderSecondary: palette.line,
    fontFamily: FONT,
    fontSize: 15,
    borderRadius: 10,
    controlHeight: 44,
    controlHeightSM: 36,
    controlHeightLG: 52,
    wireframe: false,
  },
  components: {
    Button: { fontWeight: 600, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    Drawer: { paddingLG: 20 },
    Form: { itemMarginBottom: 18, labelColor: palette.inkSoft, labelHeight: 'auto', verticalLabelPadding: '0 0 6px' },
    Table: {
      headerBg: palette.ground,
      headerColor: palette.inkSoft,
      rowHoverBg: '#f7f9f6',
      rowSelectedBg: palette.pineMist,
      rowSelectedHoverBg: palette.pineMist,
    },
    Segmented: { itemSelectedColor: palette.pine, trackBg: '#e6e9e4', itemColor: palette.inkSoft },
    Tag: { defaultBg: palette.calmMist, defaultColor: palette.calm },
  },
}

/** For who asked for less motion nothing slides or fades, and nothing waits for the end of a motion. */
const still: ThemeConfig = { ...lively, token: { ...lively.token, motion: false } }

export const themeFor = (isStill: boolean): ThemeConfig => (isStill ? still : lively)

/** The palette as custom properties (--cd-pine-deep) for the style sheets. */
export function applyPalette(root: HTMLElement): void {
  for (const [name, value] of Object.entries(palette)) {
    root.style.setProperty(`--cd-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value)
  }
  root.style.setProperty('--cd-font', FONT)
}
