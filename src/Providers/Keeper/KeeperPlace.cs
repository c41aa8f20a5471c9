namespace GitOpsSecrets.Providers.Keeper;

/// <summary>Where something is pushed to: <c>TITLE/NAME</c>.</summary>
/// <param name="Title">Of the record.</param>
/// <param name="Name">Of the field, where that is none of the three that the original knows.</param>
/// <param name="Type">The field's type: <c>login</c>, <c>password</c> and <c>url</c> are fields of the record's type, <c>secret</c> is one of its own.</param>
internal sealed record KeeperPlace(string Title, string Name, string Type)
{
    public const string OwnType = "secret";

    public bool IsOwn => Type == OwnType;

    /// <summary>The three are known by any name that has a word for one of them in it.</summary>
    /// <exception cref="ProviderException">It is of another form.</exception>
    public static KeeperPlace Of(RemotePlace place)
    {
        if (place.Key.Split('/') is not [var title, var name]) throw new ProviderException(ProviderFailureKind.Invalid, $"match.remoteRef.remoteKey: Keeper takes TITLE/NAME, and got {place.Key}");
        bool Has(string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
        return new KeeperPlace(title, name, Has("login") || Has("username") ? "login" : Has("password") ? "password" : Has("url") ? "url" : OwnType);
    }
}
