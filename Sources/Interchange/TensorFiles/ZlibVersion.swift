import CZlib

/// The version of the zlib that runs, which may be another than the one that was there at the build.
package var zlibVersion: String { String(cString: CZlib.zlibVersion()) }
