import type { English } from '../english'
import type { fileProblems as chinese } from '../zh-CN/fileProblems'

export const fileProblems = {
  problem: {
    unknown_target: { title: 'This cannot be imported', help: 'Reload and choose again.' },
    export_not_ready: { title: 'The file is not ready yet', help: 'Download it in a moment.' },
    export_expired: { title: 'The file is no longer kept', help: 'Export the list again.' },
    export_decided: { title: 'Somebody has decided this export', help: 'Reload to see its state.' },
    already_imported: {
      title: 'This file was imported before',
      help: 'The same file with the same settings is imported once. Change the settings and check again.',
    },
    import_state_forbids: { title: 'The import has moved on', help: 'The page is up to date now; please look again.' },
    invalid_mapping: { title: 'The columns do not fit', help: 'Please follow the hints below.' },
    empty_file: { title: 'The file is empty', help: 'Choose a file with content.' },
    file_too_large: { title: 'The file is too large', help: 'At most 50 MB; split it.' },
    upload_too_large: {
      title: 'The file is too large',
      help: 'It is beyond the limit of its kind. Compress it, or ask an administrator to raise the limit.',
    },
    program_refused: {
      title: 'Programs and scripts are not taken',
      help: 'They could harm whoever opens them. Upload the document itself, or an archive of it.',
    },
    markup_refused: {
      title: 'Web pages and SVG are not taken',
      help: 'They can hold scripts. Print the page to a PDF, or save the picture as PNG.',
    },
    storage_away: {
      title: 'Files are out of reach',
      help: 'Please try again later; if it keeps happening, ask an administrator.',
    },
    range_not_satisfiable: { title: 'The file has no such part', help: 'Please open the file again.' },
    link_invalid: { title: 'The link has expired', help: 'Please open the file again.' },
    document_withdrawn: { title: 'The file was withdrawn', help: 'Please upload a new one.' },
    too_many_versions: { title: 'Too many versions', help: 'Please file a new document.' },
    unknown_format: { title: 'Neither Excel nor CSV', help: 'Save it as .xlsx or .csv and upload it again.' },
    disguised_file: {
      title: 'An Excel file by name only',
      help: 'It is a web page or plain text. Open it in Excel, save it as .xlsx and upload it again.',
    },
    macro_workbook: {
      title: 'The workbook contains macros',
      help: 'Save it as .xlsx without macros and upload it again.',
    },
    encrypted_workbook: { title: 'The workbook has a password', help: 'Remove it in Excel and upload it again.' },
    unpacks_too_large: {
      title: 'The workbook unpacks to far too much',
      help: 'Save it anew in Excel and upload it again.',
    },
    broken_file: { title: 'The file is damaged', help: 'Open it in Excel and save it anew.' },
    no_rows: { title: 'There are no rows in the file', help: 'Check that they are on the first visible sheet.' },
    too_many_rows: { title: 'Too many rows', help: 'At most 100,000 rows at once; split or filter them.' },
    too_many_columns: { title: 'Too many columns', help: 'At most 200; remove those that you do not need.' },
    too_many_cells: { title: 'Too many cells', help: 'Remove empty rows and columns, or split the file.' },
    unknown_encoding: { title: 'The encoding is unknown', help: 'Save it as UTF-8 CSV or as .xlsx.' },
  },
} as const satisfies English<typeof chinese>
