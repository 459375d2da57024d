import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ReviewBody } from '../../../../src/api/index.ts'
import { placesQuery } from '../../api/access.ts'
import { reviewOffer } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { textOf } from '../../ui/form-dialog.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Picker } from '../../ui/picker.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { placeChoices } from '../access/place-names.ts'
import { IdMap, readIdMap } from './id-map.tsx'
import { OfferFile } from './offer-file.tsx'
import { type DocumentOutline, parameterValue, readDocument } from './read-document.ts'
import { ReviewOffer } from './review-offer.tsx'
import { onPage } from './words.ts'

/** The customer uploads an offer, reads in words what it grants, and accepts exactly that. */
export function AcceptOffer() {
  const tenant = useTenant()
  const [document, setDocument] = useState('')
  const outline = readDocument(document)
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const reviewing = useMutation({ mutationFn: (body: ReviewBody) => reviewOffer(tenant.id, body) })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const place = places.find(({ id }) => id === textOf(fields, 'place'))
    reviewing.mutate({
      document,
      parameters: readParameters(fields, outline),
      map: readIdMap(fields),
      ...(place ? { scope: place.scope } : {}),
      condition: textOf(fields, 'condition'),
    })
  }
  const reviewed = reviewing.data
  return (
    <>
      <BackLink to="/t/$tenant/delegation/delegations">Delegations</BackLink>
      <PageBody
        title="Accept an offer"
        says={
          reviewed
            ? 'Read what it grants. Nothing counts until you accept it.'
            : 'Upload the file that a service provider gave you. You read what it grants before anything counts.'
        }
      >
        {reviewed ? <ReviewOffer asked={reviewing.variables} review={reviewed} onBack={reviewing.reset} /> : null}
        {/* It keeps what was typed while the review is read. */}
        <form onSubmit={submit} hidden={reviewed !== undefined}>
          <Panel title="The file">
            <OfferFile
              document={document}
              onDocument={text => {
                reviewing.reset()
                setDocument(text)
              }}
            />
          </Panel>
          {outline.parameters.length === 0 ? null : (
            <Panel title="Parameters">
              <div className="grid gap-4 px-4 py-4 max-sm:px-3 sm:grid-cols-2">
                {outline.parameters.map(({ name, type, says, initial }) => (
                  <Field key={`${name} ${initial}`} label={name} hint={says || type}>
                    <TextInput
                      name={`parameter:${name}`}
                      defaultValue={initial}
                      required={initial === undefined}
                      spellCheck={false}
                    />
                  </Field>
                ))}
              </div>
            </Panel>
          )}
          {outline.form === 'none' ? null : (
            <details
              className="mb-6 rounded-lg border border-line bg-raised"
              open={outline.foreignIds.length > 0}
              key={document}
            >
              <summary className="cursor-pointer px-4 py-3 max-sm:px-3 font-semibold">Ids of another directory</summary>
              <IdMap foreignIds={outline.foreignIds} />
            </details>
          )}
          <Panel title="Where and when it holds">
            <div className="grid gap-4 px-4 py-4 max-sm:px-3 sm:grid-cols-2">
              <Picker
                label="Where"
                name="place"
                placeholder="Where the offer says"
                hint="Choose a place to accept it for that one instead."
                choices={placeChoices(places)}
              />
              <Field label="Only if" hint="A Cedar expression, such as context.now < 1767225600000. Empty: always.">
                <TextInput name="condition" maxLength={1000} spellCheck={false} className="font-mono" />
              </Field>
            </div>
          </Panel>
          {reviewing.isError ? <ProblemNote problem={onPage(reviewing.error)} className="mb-4" /> : null}
          <Button type="submit" look="primary" busy={reviewing.isPending}>
            Review what it grants
          </Button>
        </form>
      </PageBody>
    </>
  )
}

/** Only what differs from the document's own. */
function readParameters(fields: FormData, { parameters }: DocumentOutline): ReviewBody['parameters'] {
  const given = parameters.flatMap(parameter => {
    const text = textOf(fields, `parameter:${parameter.name}`)
    return text === (parameter.initial ?? '').trim() ? [] : [[parameter.name, parameterValue(parameter, text)] as const]
  })
  return Object.fromEntries(given) as NonNullable<ReviewBody['parameters']>
}
