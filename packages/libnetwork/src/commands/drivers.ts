import { createController } from '../create-controller.ts'
import { print, table, type OutputOptions } from './output.ts'

/** Options of `libnetwork drivers`. */
export interface DriversOptions extends OutputOptions {
  /** Folder of the application whose dependencies are searched. */
  readonly from?: string | undefined
}

/** `libnetwork drivers`: every driver that discovery looks at, with its state and the reason. */
export async function drivers(options: DriversOptions): Promise<void> {
  const controller = await createController({ from: options.from })
  try {
    print(controller.drivers(), options, (rows) =>
      table([
        ['KIND', 'NAME', 'PACKAGE', 'VERSION', 'API', 'STATE', 'REASON'],
        ...rows.map((row) => [
          row.kind,
          [row.name, ...row.aliases].join(', '),
          row.package ?? '',
          row.version ?? '',
          row.api ?? '',
          row.state,
          row.reason ?? '',
        ]),
      ]),
    )
  } finally {
    await controller.close()
  }
}
