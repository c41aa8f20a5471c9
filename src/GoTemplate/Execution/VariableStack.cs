namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>The variables of one template call, innermost last; <c>$</c> is the data it was called with.</summary>
internal sealed class VariableStack(Slot root)
{
    private readonly List<(string Name, Slot Value)> variables = [("$", root)];

    public int Mark => variables.Count;

    public void Push(string name, Slot value) => variables.Add((name, value));

    public void Release(int mark) => variables.RemoveRange(mark, variables.Count - mark);

    /// <summary>Sets the variable declared last, or the one before.</summary>
    public void SetFromTop(int distance, Slot value) => variables[^distance] = (variables[^distance].Name, value);

    public bool TrySet(string name, Slot value)
    {
        var index = variables.FindLastIndex(variable => variable.Name == name);
        if (index >= 0)
        {
            variables[index] = (name, value);
        }

        return index >= 0;
    }

    public bool TryGet(string name, out Slot value)
    {
        var index = variables.FindLastIndex(variable => variable.Name == name);
        value = index >= 0 ? variables[index].Value : Slot.Invalid;
        return index >= 0;
    }
}
