import { failure } from '../../kernel/index.ts'

const LIST = 'See what there is: towpath manifest list-deleted, list-deleted-tags'

export const NotInTrash = failure('TRASH_UNKNOWN', 404, (repository: string, what: string) => ({
  says: `${what} of repository ${repository} is not in the trash`,
  next: `${LIST}. It may never have been deleted while a soft-delete policy held, or its days are over`,
  detail: { repository, what },
}))

export const RepositoryNotDeleted = failure('TRASH_REPOSITORY_UNKNOWN', 404, (repository: string) => ({
  says: `Repository ${repository} was not deleted whole, or its days in the trash are over`,
  next: `Restore its tags or manifests one by one. ${LIST}`,
  detail: { repository },
}))

export const RestoreTagInUse = failure(
  'RESTORE_TAG_IN_USE',
  409,
  (repository: string, tag: string, digest: string) => ({
    says: `Tag ${tag} of repository ${repository} leads to ${digest} now`,
    next: 'Force it to move the tag, or restore the manifest by its digest: its tags then come back where they are free',
    detail: { repository, tag, digest },
  }),
)

export const RestoreIncomplete = failure('RESTORE_INCOMPLETE', 409, (digest: string, missing: readonly string[]) => ({
  says: `Manifest ${digest} can't be restored: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' and more' : ''} of it is neither here nor in the trash`,
  next: 'Push what is missing to the repository, then restore it; or restore by digest what it lists and is still there',
  detail: { digest, missing: missing.slice(0, 100) },
}))

export const RestoreTooLarge = failure('RESTORE_TOO_LARGE', 413, (digest: string) => ({
  says: `Too much is below ${digest} or refers to it: one restore brings back 500 manifests of 64 MiB at most`,
  next: 'Restore by digest what it lists first, a part at a time; then this one',
  detail: { digest },
}))
