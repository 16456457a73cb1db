import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readlinkSync, rmdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxReference } from '@libnetwork/driver-sdk'
import { identityOf, isNamespace } from './namespace-file.ts'

/**
 * Remembers which namespaces were made for whom: one symbolic link for each, in a folder of the owner. The links say enough
 * to clean up after a crash, and are nothing but left-overs once the namespace has gone.
 */
export class OwnerMarks {
  readonly #folder: string

  /** @param folder - where the owners' folders are, on a file system that a reboot empties */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Leaves a mark. Without the right to write it the namespace lives all the same, but is not listed. */
  add(owner: string, key: string): void {
    try {
      mkdirSync(this.#ownerFolder(owner), { recursive: true, mode: 0o700 })
      symlinkSync(key, this.#file(owner, key))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'EEXIST' && code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error
    }
  }

  /** Removes the marks of a namespace, whoever left them. */
  remove(key: string): void {
    for (const owner of this.#entries(this.#folder)) {
      rmSync(this.#file(owner, key), { force: true })
      this.#removeIfEmpty(owner)
    }
  }

  /** The live namespaces of an owner. Marks of others that have gone are removed. */
  list(owner: string): readonly SandboxReference[] {
    const folder = this.#ownerFolder(owner)
    return this.#entries(folder).flatMap((name): SandboxReference[] => {
      const key = readlinkSync(join(folder, name))
      if (isNamespace(key)) return [{ key, identity: identityOf(key), owned: true }]
      rmSync(join(folder, name), { force: true })
      this.#removeIfEmpty(owner)
      return []
    })
  }

  #entries(folder: string): readonly string[] {
    try {
      return readdirSync(folder)
    } catch {
      // Nobody has left a mark yet.
      return []
    }
  }

  #removeIfEmpty(owner: string): void {
    try {
      rmdirSync(this.#ownerFolder(owner))
    } catch {
      // Other namespaces have marks there.
    }
  }

  #ownerFolder(owner: string): string {
    return join(this.#folder, owner.replaceAll(/[^A-Za-z0-9-]/g, '_'))
  }

  #file(owner: string, key: string): string {
    return join(this.#ownerFolder(owner), createHash('sha256').update(key).digest('hex').slice(0, 32))
  }
}
