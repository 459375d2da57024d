import { type Ms, type ReadTx, sql } from '../../src/kernel/index.ts'

/**
 * What should have gone by `due`, as words: links, blobs, references and jobs that nothing needs, of whole registries. Empty
 * where collection keeps up, and names nothing that is still needed.
 */
export async function orphans(read: ReadTx, due: Ms): Promise<string[]> {
  const found = await read.all<{ what: string }>(sql`
    select 'link of ' || digest || ' in ' || repository || ', which no manifest needs' as what from repository_blob l
      where (review_at = 0 or review_at <= ${due}) and not exists (select 1 from manifest_reference r
        where r.registry_id = l.registry_id and r.repository = l.repository and r.target = l.digest)
    union all select 'blob ' || digest || ', which no repository links' from blob b
      where not exists (select 1 from repository_blob l where l.registry_id = b.registry_id and l.digest = b.digest)
      and not exists (select 1 from trash_blob t where t.registry_id = b.registry_id and t.blob = b.digest)
      and not exists (select 1 from blob_review v
        where v.registry_id = b.registry_id and v.digest = b.digest and v.review_at > ${due})
    union all select 'link of ' || digest || ' in ' || repository || ' to bytes that are not there' from repository_blob l
      where not exists (select 1 from blob b
        where b.registry_id = l.registry_id and b.digest = l.digest and b.blob_key = l.blob_key)
    union all select 'blob ' || blob || ' in the trash of ' || repository || ', whose bytes are gone' from trash_blob t
      where not exists (select 1 from blob b where b.registry_id = t.registry_id and b.digest = t.blob)
    union all select 'reference to ' || target || ' of a manifest that ' || repository || ' does not have'
      from manifest_reference r where not exists (select 1 from manifest m
        where m.registry_id = r.registry_id and m.repository = r.repository and m.digest = r.digest)
    union all select 'review of ' || digest || ', long due' from blob_review where review_at <= ${due}
    union all select 'removal of ' || key || ', ' || state from job
      where kind = 'registry.remove-blob' and created_at <= ${due}
    order by what`)
  return found.map(({ what }) => what)
}
