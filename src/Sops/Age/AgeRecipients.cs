namespace GitOpsSecrets.Sops.Age;

/// <summary>Reads recipients (public keys) of every kind age has, except plugins.</summary>
public static class AgeRecipients
{
    /// <exception cref="AgeException"><see cref="AgeFailure.Recipient"/>.</exception>
    public static IAgeRecipient Parse(string text)
    {
        text = text.Trim();
        return (IAgeRecipient?)X25519Recipient.Parse(text)
            ?? HybridRecipient.Parse(text)
            ?? ParseSsh(text)
            ?? throw new AgeException(AgeFailure.Recipient, "age: not a recipient of the form age1…, age1pq1…, ssh-ed25519 … or ssh-rsa … (plugins are not supported)");
    }

    private static IAgeRecipient? ParseSsh(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !AgeBase64.TryDecodePadded(words[1], out var wire)) return null;
        return words[0] switch
        {
            SshEd25519Recipient.StanzaType => SshEd25519Recipient.FromWire(wire),
            SshRsaRecipient.StanzaType => SshRsaRecipient.FromWire(wire),
            _ => null,
        };
    }
}
