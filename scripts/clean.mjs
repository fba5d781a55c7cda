// Removes the folders named on the command line. `tsc` never deletes the output of a file that is gone.
import { rmSync } from 'node:fs'

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true })
