using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>
/// Opens SOPS documents of a stream. What went through Kustomize has another order and other fields than when it was sealed, and then its MAC
/// cannot fit; each value is still bound to its place, as with Flux. That is told, and can be forbidden.
/// </summary>
/// <param name="keyring">Made when the first document needs it: keys may have passphrases.</param>
/// <param name="requireMac">Refuse what went through something.</param>
internal sealed class SopsOpening(Func<SopsKeyring> keyring, bool requireMac)
{
    private readonly Lazy<SopsKeyring> _keyring = new(keyring);
    private readonly List<string> _unverified = [];

    /// <param name="name">For messages.</param>
    /// <param name="bytes">A document with its <c>sops</c> block.</param>
    /// <param name="format">Its format.</param>
    /// <param name="original">The bytes are a file's own, so the MAC must fit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>For the caller to dispose of.</returns>
    /// <exception cref="RenderException">It does not open.</exception>
    public async Task<OpenSopsFile> OpenAsync(string name, byte[] bytes, SopsFormat format, bool original, CancellationToken cancellationToken)
    {
        try
        {
            var file = SopsFile.Parse(bytes, format);
            try
            {
                return await file.OpenAsync(_keyring.Value, MacCheck.Required, limits: null, cancellationToken);
            }
            catch (SopsException failure) when (failure.Failure == SopsFailure.Mac && !original && !requireMac)
            {
                var open = await file.OpenAsync(_keyring.Value, MacCheck.Impossible, limits: null, cancellationToken);
                _unverified.Add(name);
                return open;
            }
        }
        catch (SopsException failure)
        {
            throw new RenderException(failure.Message, failure);
        }
        catch (CommandException failure)
        {
            throw new RenderException(failure.Message, failure);
        }
    }

    /// <summary>Says once, for all of them, which documents were opened without a MAC that fits.</summary>
    public void Report()
    {
        if (_unverified.Count > 0)
            Talk.Warn($"the MAC of {string.Join(", ", _unverified)} was not verified, since the document is not the text that was encrypted; --require-mac refuses such documents");
    }
}
