using System.Text;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.OpenPgp;

namespace GitOpsSecrets.Sops.Keys;

/// <summary>
/// Collects key files of any kind into a <see cref="SopsKeyring"/>: age identities, OpenSSH and PKCS#1 private keys, OpenPGP keys. What a
/// file is follows from its content, not from its name.
/// </summary>
public sealed class SopsKeyringBuilder
{
    private readonly List<IAgeIdentity> _identities = [];
    private readonly List<PgpKeys> _pgp = [];
    private readonly List<IDataKeySource> _others = [];
    private IReadOnlyList<string> _first = [];

    /// <param name="keyFile">The file's bytes; the caller zeroes them.</param>
    /// <param name="passphrase">For protected OpenPGP keys; empty for none.</param>
    /// <exception cref="AgeException">Not a key that is understood.</exception>
    /// <exception cref="SopsException">An OpenPGP key that cannot be read, or its passphrase does not fit.</exception>
    public SopsKeyringBuilder AddFile(ReadOnlySpan<byte> keyFile, ReadOnlySpan<char> passphrase = default)
    {
        // A binary key ring begins with a packet header, whose highest bit is set; text never does.
        var isPgp = keyFile.IndexOf("-----BEGIN PGP"u8) >= 0 || (!keyFile.IsEmpty && keyFile[0] is >= 0x80 and not 0xEF);
        if (isPgp) _pgp.Add(PgpKeys.Parse(keyFile, passphrase));
        else _identities.AddRange(AgeIdentities.Parse(Encoding.UTF8.GetString(keyFile)));
        return this;
    }

    public SopsKeyringBuilder Add(IAgeIdentity identity)
    {
        _identities.Add(identity);
        return this;
    }

    public SopsKeyringBuilder Add(PgpKeys keys)
    {
        _pgp.Add(keys);
        return this;
    }

    /// <summary>A source for keys of another kind, such as a cloud's.</summary>
    public SopsKeyringBuilder Add(IDataKeySource source)
    {
        _others.Add(source);
        return this;
    }

    /// <summary>Kinds of keys that are tried before all others, in this order: <see cref="MasterKeyKind"/>.</summary>
    public SopsKeyringBuilder TryFirst(IReadOnlyList<string> kinds)
    {
        _first = kinds;
        return this;
    }

    /// <returns>
    /// A keyring that tries age, then OpenPGP, then the rest, as the original does, unless <see cref="TryFirst"/> says otherwise. It can wrap for any
    /// age recipient.
    /// </returns>
    public SopsKeyring Build()
    {
        IDataKeySource[] usual = [new AgeDataKeys([.. _identities]), new PgpDataKeys(PgpKeys.Merge(_pgp)), .. _others];
        return new([.. usual.OrderBy(source => Rank(source.Kind))]);
    }

    /// <summary>What is not named keeps its usual place behind what is.</summary>
    private int Rank(string kind)
    {
        var named = _first.ToList().IndexOf(kind);
        return named < 0 ? _first.Count : named;
    }
}
