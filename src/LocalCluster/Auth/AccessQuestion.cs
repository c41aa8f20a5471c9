namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>May a user do this? Either on a resource or, when <see cref="Path"/> is set, on a path outside the resources.</summary>
internal sealed record AccessQuestion(string Verb, string Group = "", string Resource = "", string Subresource = "", string Namespace = "", string Name = "", string Path = "")
{
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>The refusal in the API server's words.</summary>
    public string Refusal(UserInfo user)
    {
        if (Path.Length > 0) return $"User \"{user.Name}\" cannot {Verb} path \"{Path}\"";
        var scope = Namespace.Length > 0 ? $"in the namespace \"{Namespace}\"" : "at the cluster scope";
        return $"User \"{user.Name}\" cannot {Verb} resource \"{FullResource}\" in API group \"{Group}\" {scope}";
    }
}
