namespace GitOpsSecrets.Providers.Azure;

/// <summary>A value on its way into a vault, as one of its kinds of objects.</summary>
internal interface IKeyVaultContent : IDisposable
{
    /// <summary>The name under which writing it is counted.</summary>
    string Operation { get; }

    /// <summary>Whether what is there holds it already, with what else is wished for; tags are compared for all kinds alike.</summary>
    bool IsIn(KeyVaultItem existing, KeyVaultWishes wishes);

    /// <summary>Writes it over what is there; null for nothing.</summary>
    Task<object> WriteAsync(KeyVaultLibraries libraries, string name, KeyVaultWishes wishes, KeyVaultFacts? existing, CancellationToken cancellationToken);
}
