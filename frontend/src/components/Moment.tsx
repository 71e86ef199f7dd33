import { useTranslation } from 'react-i18next'
import { asLanguage } from '@/i18n/i18n'
import { useTicking } from '@/lib/ticker'
import { formatFull, formatMoment } from '@/lib/time'

interface Props {
  at: string
  /** The moment within a sentence, where what happened then stands with it. */
  says?: (moment: string) => string
}

/** A moment in the company's zone; the full form is its title. */
export function Moment({ at, says = String }: Props) {
  const { i18n } = useTranslation()
  const words = useTicking((now) => formatMoment(at, now, asLanguage(i18n.language)))
  return (
    <time dateTime={at} title={formatFull(at)} className="figures">
      {says(words)}
    </time>
  )
}
