import { useMutation } from '@tanstack/react-query'
import type { Offer } from '../../../../src/api/index.ts'
import { type DocumentForm, offerDocument } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { useSay } from '../../ui/toast.tsx'

/** Saves an offer as the file that a customer accepts. */
export function useDownload() {
  const { id } = useTenant()
  const say = useSay()
  const download = useMutation({
    mutationFn: ({ offer, form }: { offer: Offer; form: DocumentForm }) => offerDocument(id, offer.id, form),
    onSuccess: ({ fileName, document }) => save(fileName, document),
    onError: error => say(`Not downloaded: ${error.message}`),
  })
  return { download }
}

function save(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser reads it after this: some only in the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
