import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CardSkeletons } from '@/components/states'
import styles from './Documents.module.css'
import { drawPage, openPdf } from './pdfFile'

/** A PDF, page under page; each is drawn when it comes into sight. */
export function PdfPages({ source, title }: { source: string | Blob; title: string }) {
  const { t } = useTranslation()
  const [file, setFile] = useState<PDFDocumentProxy | null>(null)
  const [isBroken, setIsBroken] = useState(false)
  useEffect(() => {
    let isLeft = false
    const { opened, close } = openPdf(source)
    opened.then(
      (found) => !isLeft && setFile(found),
      () => !isLeft && setIsBroken(true),
    )
    return () => {
      isLeft = true
      close()
    }
  }, [source])
  if (isBroken) return <p role="alert">{t('document.notShown')}</p>
  if (!file) return <CardSkeletons count={1} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className={styles.pages} aria-label={title} tabIndex={0}>
      {Array.from({ length: file.numPages }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pages have no other name
        <PdfPage key={place} file={file} number={place + 1} />
      ))}
    </section>
  )
}

function PdfPage({ file, number }: { file: PDFDocumentProxy; number: number }) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const watch = new IntersectionObserver(([seen]) => {
      if (!seen?.isIntersecting) return
      watch.disconnect()
      void drawPage(file, number, element).catch(() => undefined)
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [file, number])
  return (
    <canvas ref={canvas} role="img" height={420} aria-label={t('document.page', { number, count: file.numPages })} />
  )
}
