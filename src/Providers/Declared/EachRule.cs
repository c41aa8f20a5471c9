namespace GitOpsSecrets.Providers.Declared;

/// <summary>Something is done for each element of a list.</summary>
/// <param name="As">The variable that holds the element.</param>
/// <param name="List">The list.</param>
/// <param name="IsReverse">From the end.</param>
internal sealed record EachRule(string As, string List, bool IsReverse)
{
    /// <summary>Null where the object has no such member.</summary>
    public static EachRule? Read(DefinitionFields fields)
    {
        if (fields.Object("each") is not { } each) return null;
        var rule = new EachRule(each.Need("as"), each.Need("of"), each.Flag("reverse"));
        each.Done();
        return rule;
    }

    /// <summary>The scopes to go through: one for each element, or one that is no different where there is no rule.</summary>
    public static IEnumerable<Variables> Scopes(EachRule? rule, Variables outer)
    {
        if (rule is null)
        {
            yield return new Variables(outer);
            yield break;
        }

        var elements = outer.List(rule.List);
        foreach (var element in rule.IsReverse ? elements.Reverse() : elements)
        {
            var scope = new Variables(outer);
            scope.Set(rule.As, [.. element]);
            yield return scope;
        }
    }
}
