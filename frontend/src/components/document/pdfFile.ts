import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** Which characters the codes of a font that is not in the file stand for: drawings and old letters often leave Chinese fonts out. */
const MAPS = import.meta.glob<string>(
  ['/node_modules/pdfjs-dist/cmaps/*GB*.bcmap', '/node_modules/pdfjs-dist/cmaps/Uni*.bcmap'],
  { query: '?url', import: 'default', eager: true },
)

class OwnFiles {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = MAPS[`/node_modules/pdfjs-dist/cmaps/${filename}`]
    if (!url) throw new Error(`no ${filename}`)
    return new Uint8Array(await (await fetch(url)).arrayBuffer())
  }
}

/** Opens a PDF; `close` gives its memory back. */
export function openPdf(url: string): { opened: Promise<PDFDocumentProxy>; close: () => void } {
  const task = getDocument({
    url,
    BinaryDataFactory: OwnFiles,
    useWorkerFetch: false,
    isEvalSupported: false,
    useWasm: false,
    enableXfa: false,
  })
  return { opened: task.promise, close: () => void task.destroy() }
}

/** Draws one page as wide as its place, in the pixels of the screen. */
export async function drawPage(file: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): Promise<void> {
  const page = await file.getPage(number)
  const plain = page.getViewport({ scale: 1 })
  const width = Math.max(canvas.clientWidth, 200) * Math.min(window.devicePixelRatio || 1, 2)
  const viewport = page.getViewport({ scale: width / plain.width })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  await page.render({ canvas, viewport }).promise
}
