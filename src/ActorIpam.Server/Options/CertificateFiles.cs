namespace ActorIpam.Server.Options;

/// <summary>The PEM files of an https address.</summary>
internal sealed record CertificateFiles(string Certificate, string Key)
{
    /// <exception cref="BadOptionException">The files do not go with the address, or are missing.</exception>
    public static CertificateFiles? Read(ListenAddress listen, string? certificate, string? key)
    {
        if (!listen.IsHttps)
        {
            return certificate is null && key is null ? null : throw new BadOptionException("--tls-cert and --tls-key go with an https address in --listen.");
        }

        if (certificate is null || key is null)
        {
            throw new BadOptionException("An https address in --listen needs --tls-cert and --tls-key.");
        }

        foreach (var (flag, file) in new[] { ("--tls-cert", certificate), ("--tls-key", key) })
        {
            if (!File.Exists(file))
            {
                throw new BadOptionException($"{flag}: there is no file '{file}'.");
            }
        }

        return new(certificate, key);
    }
}
