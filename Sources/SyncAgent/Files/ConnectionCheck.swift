import Diagnostics
import Glibc

/// Tells whether the files that a connection needs can be used, before anybody is asked.
///
/// A server that does not answer, or an error of the TLS library without words, would be all that an admin sees otherwise.
struct ConnectionCheck {
    private(set) var problems: InputProblems

    init(problems: InputProblems) { self.problems = problems }

    mutating func check(_ file: ConnectionFile) {
        switch file.use {
        case .authorities, .certificate: checkPEM(file, holding: ["CERTIFICATE", "TRUSTED CERTIFICATE"], "certificate")
        case .key:
            checkPEM(
                file, holding: ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"],
                "private key")
            checkMode(file)
        case .revocations: checkPEM(file, holding: ["X509 CRL"], "list of certificates that were taken back")
        case .keytab: checkKeytab(file)
        case .password: checkPassword(file)
        case .program: checkProgram(file)
        case .directory: checkDirectory(file)
        }
    }

    /// Only opened: it may be large, and whoever reads it says what is wrong in it.
    private mutating func checkDirectory(_ file: ConnectionFile) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        let code = errno
        let near = code == ENOENT ? NearestFile.of(file.path).map { "did you mean `\($0)`?" } : nil
        refuse(
            file, isMissing: code == ENOENT,
            "`\(file.setting)`: cannot read `\(file.path)`: \(SystemError.words(code))",
            hint: near ?? (code == ENOENT ? InputProblems.checkPath : "let the user who runs rollcall read it"))
    }

    private mutating func checkPEM(_ file: ConnectionFile, holding titles: [String], _ what: String) {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try InputFile.bytes(file.path) } catch {
            refuse(
                file, isMissing: error.code == ENOENT, "`\(file.setting)`: cannot read `\(file.path)`: \(error.words)",
                hint: error.code == ENOENT || error.code == EISDIR
                    ? "name the PEM file with the \(file.use == .authorities ? "certificates of the authorities to trust" : what)"
                    : "let the user who runs rollcall read it")
            return
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let heads = titles.map { Array("-----BEGIN \($0)-----".utf8) }
        guard !lines.contains(where: { line in heads.contains { line.starts(with: $0) } }) else { return }
        refuse(
            file, isMissing: false, "`\(file.setting)`: there is no \(what) in `\(file.path)`",
            hint: "give it as PEM, with a line `-----BEGIN \(titles[0])-----`")
    }

    private mutating func checkMode(_ file: ConnectionFile) {
        var status = stat()
        guard stat(file.path, &status) == 0, let mode = SecretFile.openMode(status) else { return }
        refuse(
            file, isMissing: false, "`\(file.setting)`: the key `\(file.path)` is open to others (mode \(mode))",
            hint: "chmod 0600 \(file.path)")
    }

    private mutating func checkKeytab(_ file: ConnectionFile) {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try InputFile.bytes(file.path) } catch {
            refuse(
                file, isMissing: error.code == ENOENT, "`\(file.setting)`: cannot read `\(file.path)`: \(error.words)",
                hint: "export it from Kerberos, and let the user who runs rollcall read it")
            return
        }
        guard bytes.starts(with: [0x05, 0x02]) else {
            refuse(
                file, isMissing: false, "`\(file.setting)`: `\(file.path)` is not a keytab",
                hint: "export it with `ktadd`, `ipa-getkeytab`, `ktpass` or `samba-tool domain exportkeytab`")
            return
        }
        checkMode(file)
    }

    private mutating func checkPassword(_ file: ConnectionFile) {
        do {
            try SecretReader().withSecret(.file(file.path)) { _ in }
        } catch let failure as AgentFailure {
            refuse(
                file, isMissing: failure.status == .missingFile, "`\(file.setting)`: \(failure.message)",
                hint: failure.hint.isEmpty ? "name the file with the password" : failure.hint)
        } catch {}
    }

    private mutating func checkProgram(_ file: ConnectionFile) {
        guard access(file.path, X_OK) != 0 else { return }
        let code = errno
        refuse(
            file, isMissing: code == ENOENT, "`\(file.setting)`: cannot run `\(file.path)`: \(SystemError.words(code))",
            hint: "name a program that the user who runs rollcall may run")
    }

    private mutating func refuse(_ file: ConnectionFile, isMissing: Bool, _ message: String, hint: String) {
        if isMissing { problems.isFileMissing = true } else { problems.isConfigurationWrong = true }
        problems.diagnostics.error(
            isMissing ? "file.missing" : "config.unusable-file", at: file.position, message, hint: hint)
    }
}
